"""`python -m engine.providers.local.image` prints the tag of the host image that the provider looks for."""

from engine.providers.local.image.tag import image_tag

print(image_tag())
