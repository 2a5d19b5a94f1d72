"""Tests of pykvbinding; README.md says which folder has which tests."""
