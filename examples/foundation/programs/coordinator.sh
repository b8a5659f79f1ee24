#!/bin/sh
# Stands in for the coordinator: tells Consul and the other agents that it is there.
. /app/common.sh
until consul GET /v1/agent/service/coordinator | grep -q '"ID": *"coordinator"'; do
  consul PUT /v1/agent/service/register \
    '{"ID": "coordinator", "Name": "coordinator", "Address": "coordinator", "Check": {"TTL": "30s"}}'
  sleep 1
done
echo "the coordinator is registered in Consul"
while :; do
  consul PUT /v1/agent/check/pass/service:coordinator
  redis "SET agent:coordinator running EX 30" >/dev/null
  redis "PUBLISH agents \"coordinator runs\"" >/dev/null
  alive
  sleep 5
done
