"""The identity partner: OpenID Connect with a simulated phone check (section 4).

Authorization code with PKCE S256 for one public client, ``modupoint``. Who signs
in is a sample person, or anybody who fills in the form. Every lifetime here is
real time, whatever the partners' clock says.
"""
