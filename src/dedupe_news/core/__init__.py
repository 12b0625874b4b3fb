"""Pure functions on batches of articles: no input, no output, no state.

The order of the stages is the order of the pipeline: text, shingles, sketches, candidates,
boilerplate, verify, clusters, alignment.
"""
