"""The sandbox: a stateful reference server for the PhoneCalls contract, built on the generated server package."""
