"""The two sockets: the staff's consoles and the help-seekers' chats."""
