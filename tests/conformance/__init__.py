"""Tests of the conformance kit, in the places of the modules that they test."""
