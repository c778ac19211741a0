"""What the arguments of an operation say together: read once here, for loops (`reference`) and fast forms (`ops`) alike.

`convbook._arguments` reads one argument; here all of a call are read: defaults spelled out, one dtype, shapes that fit each other.
"""
