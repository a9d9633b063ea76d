-- Leases pairs of a waiting conversation and a counselor for a few seconds, so that two nodes do not try the same
-- one. MongoDB decides afterwards; a lease only saves work.
--
-- KEYS[1] leases (hash: conversation -> "counselor expiry")
-- ARGV[1] now (ms)   ARGV[2] lease length (ms)   then per pair: conversation, counselor
--
-- Answers the conversations that are leased to the caller. One that another node holds is left out.
local now, length = tonumber(ARGV[1]), tonumber(ARGV[2])
local granted = {}
for i = 3, #ARGV, 2 do
  local held = redis.call('HGET', KEYS[1], ARGV[i])
  local expiry = held and string.match(held, ' (%d+)$')
  -- A lease from beyond its length was made before a clock was set back.
  local live = expiry and tonumber(expiry) > now and tonumber(expiry) <= now + length
  if not live then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ' ' .. string.format('%d', now + length))
    granted[#granted + 1] = ARGV[i]
  end
end
return granted
