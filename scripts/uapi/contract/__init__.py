"""The contract room: turns `openapi/` into `generated/`, and checks both."""
