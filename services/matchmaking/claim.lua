-- Pairs waiting conversations with free seats of an institution, and leases each pair for a few seconds, so that
-- two nodes do not try the same one. MongoDB decides afterwards; a lease only saves work.
--
-- KEYS[1] common queue (sorted set: conversation by score)
-- KEYS[2] leases (hash: conversation -> "counselor expiry")
-- KEYS[3..] named queue of each candidate, in the order of the candidates
-- ARGV[1] now (ms)   ARGV[2] lease length (ms)   ARGV[3] most pairs to answer
-- then per candidate: id, seats taken, cap, 1 if the common queue is theirs too else 0; best candidate first
--
-- Answers a flat list: conversation, counselor, conversation, counselor …
-- A seat takes its own named queue before the common one; among candidates the least loaded goes first.
local now, length, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local leased, load = {}, {}
local held = redis.call('HGETALL', KEYS[2])
local count = 0
for i = 1, #held, 2 do
  local counselor, expiry = string.match(held[i + 1], '^(%S+) (%d+)$')
  if counselor and tonumber(expiry) > now then
    leased[held[i]] = true
    load[counselor] = (load[counselor] or 0) + 1
    count = count + 1
  else
    redis.call('HDEL', KEYS[2], held[i])
  end
end

local candidates = {}
for i = 4, #ARGV, 4 do
  local id = ARGV[i]
  candidates[#candidates + 1] = {
    id = id,
    taken = tonumber(ARGV[i + 1]) + (load[id] or 0),
    cap = tonumber(ARGV[i + 2]),
    common = ARGV[i + 3] == '1',
    named = KEYS[3 + (i - 4) / 4],
    order = i,
    open = true,
  }
end

local function head(queue)
  -- As many may be leased as there are leases, so one more than that finds the first free one.
  for _, id in ipairs(redis.call('ZRANGE', queue, 0, count)) do
    if not leased[id] then return id end
  end
  return nil
end

local pairs_found = {}
while #pairs_found < most * 2 do
  local best = nil
  for _, c in ipairs(candidates) do
    if c.open and c.taken < c.cap then
      if not best or c.taken < best.taken or (c.taken == best.taken and c.order < best.order) then best = c end
    end
  end
  if not best then break end
  local id = head(best.named)
  if not id and best.common then id = head(KEYS[1]) end
  if id then
    leased[id] = true
    count = count + 1
    redis.call('HSET', KEYS[2], id, best.id .. ' ' .. string.format('%d', now + length))
    best.taken = best.taken + 1
    pairs_found[#pairs_found + 1] = id
    pairs_found[#pairs_found + 1] = best.id
  else
    best.open = false
  end
end
return pairs_found
