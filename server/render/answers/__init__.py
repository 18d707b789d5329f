"""What doors answer programs and models with: named fields, limited in size, text from elsewhere made harmless."""
