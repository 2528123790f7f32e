"""What the whole programme brings: members who take part in nothing for a year against everybody else."""
