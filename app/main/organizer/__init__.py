"""The pages of the organizer: gear as a table, and as files for spreadsheets."""
