"""The conformance kit: it tests any server of the PhoneCalls contract, known only by its URL and a configuration."""
