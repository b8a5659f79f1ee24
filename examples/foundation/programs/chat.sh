#!/bin/sh
# Stands in for Chainlit: a page, and a WebSocket on which it hears what is asked.
echo "the chat listens on 8001"
exec nc -ll -p 8001 -e /app/chat-answer.sh
