// Hangs up one phone call. Needs Node.js 18 or newer.

const { UAPI_URL, UAPI_TOKEN } = process.env;
const user = "12";
const extension = "0003*210";
const phoneCall = "b817d2618fe6f1804333";

const response = await fetch(`${UAPI_URL}/phoneCalls/${user}/${extension}/${phoneCall}`, {
  method: "DELETE",
  headers: { Authorization: `Bearer ${UAPI_TOKEN}` },
});
if (!response.ok) {
  const { error } = await response.json();
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

const calls = response.status === 204 ? [] : await response.json();
for (const call of calls) {
  console.log(`${call.id} is hung up`);
}
