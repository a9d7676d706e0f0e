// Places a phone call between two extensions. Needs Node.js 18 or newer.

const { UAPI_URL, UAPI_TOKEN } = process.env;
const user = "12";
const extension = "0003*210";
const source = "0003*210";
const destination = "0003*211";

const response = await fetch(`${UAPI_URL}/phoneCalls/${user}/simple`, {
  method: "POST",
  headers: { Authorization: `Bearer ${UAPI_TOKEN}`, "Content-Type": "application/json" },
  body: JSON.stringify({
    extension,
    phoneCallView: [{ source: [source], destination: [destination], callerId: "John Doe <4242425>" }],
  }),
});
if (!response.ok) {
  const { error } = await response.json();
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

const calls = response.status === 204 ? [] : await response.json();
for (const call of calls) {
  console.log(`${call.id} is being placed`);
}
