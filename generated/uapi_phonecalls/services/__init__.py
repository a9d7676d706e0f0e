"""Your implementations of uapi_phonecalls.server, which uapi_phonecalls.server.main imports.

datamodel-code-generator wrote this file once and never overwrites it, or the modules beside it."""
