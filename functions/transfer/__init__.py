"""Points to cash: one leg per issuer, redeemed at the issuer, then deposited at the bank."""
