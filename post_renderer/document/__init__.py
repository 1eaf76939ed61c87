"""Bytes to trees and back: the stream, its documents, their nodes, edits."""
