#!/bin/sh
# Stands in for the site that MkDocs builds.
echo "the docs listen on 8080"
exec httpd -f -p 8080 -h /app/site
