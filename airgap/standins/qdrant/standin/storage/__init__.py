"""What is on disk: the directories at start, and the collections, each with its shard of the engine.

Imports nothing by itself, so that a start can fail before the engine is loaded.
"""
