"""HTTP and JSON: who may do what, which call does what, and JSON bodies to the engine's requests and back."""
