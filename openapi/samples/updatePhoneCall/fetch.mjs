// Starts to record a view of a phone call. Needs Node.js 18 or newer.

const { UAPI_URL, UAPI_TOKEN } = process.env;
const user = "12";
const extension = "0003*210";
const phoneCall = "b817d2618fe6f1804333";
const view = "01";

const response = await fetch(`${UAPI_URL}/phoneCalls/${user}/${extension}/${phoneCall}`, {
  method: "PUT",
  headers: { Authorization: `Bearer ${UAPI_TOKEN}`, "Content-Type": "application/json" },
  body: JSON.stringify({ action: "StartRecording", format: "wav", phoneCallViewId: view }),
});
if (!response.ok) {
  const { error } = await response.json();
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

if (response.status === 204) {
  console.error("the phone call has ended");
  process.exit(1);
}
const call = await response.json();
for (const view of call.phoneCallView.filter((view) => view.recording)) {
  console.log(`view ${view.id}: recorded since ${view.recording}`);
}
