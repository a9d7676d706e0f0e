// Lists the phone calls in progress of an extension, each with the ids of its views. Needs Node.js 18 or newer.

const { UAPI_URL, UAPI_TOKEN } = process.env;
const user = "12";
const extension = "0003*210";

const response = await fetch(`${UAPI_URL}/phoneCalls/${user}/${extension}?count=20`, {
  headers: { Authorization: `Bearer ${UAPI_TOKEN}` },
});
if (!response.ok) {
  const { error } = await response.json();
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

const calls = response.status === 204 ? [] : (await response.json()).entry;
for (const call of calls) {
  console.log(call.id, ...call.phoneCallView.map((view) => view.id));
}
