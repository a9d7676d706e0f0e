"""The life of a phone call: pure functions from a call, and a point in time, to the call as it is then."""
