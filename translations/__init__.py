"""What translators work with; not part of the package."""
