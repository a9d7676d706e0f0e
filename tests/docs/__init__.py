"""Tests of the docs room."""
