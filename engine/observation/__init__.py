"""What providers report now, and how it differs from what is wished or was left; shared by all who compare."""
