"""What vendors sell: asked of Bungie, remembered for a while, joined with definitions and searched."""
