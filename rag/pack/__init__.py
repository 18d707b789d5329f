"""From ranked chunks to an answer: merged, labelled, cited, within a budget of tokens."""
