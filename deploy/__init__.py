"""What is done to AWS and to no local stack: the scales' parameters, the page at the edge."""
