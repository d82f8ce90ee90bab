-- Sends the requests of a file, again and again, from a random one on. Each line is a method, a path,
-- an Idempotency-Key or nothing, and a body or nothing, with tabs between. {n} stands for a word that
-- no other request of any run has. Prints the results as JSON, and before them the first response whose
-- status is not the expected one.

local lines, ready, at = {}, {}, 0
local unique, sent = "", 0
local expected, threads = 0, {}
refused, example = 0, ""  -- read by `done`, in another state

function setup(thread)
  threads[#threads + 1] = thread
end

local function split(line)
  local parts = {}
  for part in (line .. "\t"):gmatch("([^\t]*)\t") do
    parts[#parts + 1] = part
  end
  return parts
end

local function message(line)
  local method, path, key, body = unpack(split(line))
  local headers = {}
  for name, value in pairs(wrk.headers) do
    headers[name] = value
  end
  if key ~= "" then
    headers["Idempotency-Key"] = key
  end
  if body ~= "" then
    headers["Content-Type"] = "application/json"
  end
  return wrk.format(method, path, headers, body ~= "" and body or nil)
end

function init(args)
  unique = args[2]
  for line in io.lines(args[1]) do
    lines[#lines + 1] = line
    if not line:find("{n}", 1, true) then
      ready[#lines] = message(line)
    end
  end
  at = tonumber(args[3]) % #lines
  expected = tonumber(args[4])
end

function request()
  at = at % #lines + 1
  if ready[at] then
    return ready[at]
  end
  sent = sent + 1
  return message((lines[at]:gsub("{n}", unique .. sent)))
end

function response(status, headers, body)
  if status ~= expected then
    refused = refused + 1
    if example == "" then
      example = status .. " " .. body:sub(1, 300):gsub("%s+", " ")
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  local unexpected = 0
  for _, thread in ipairs(threads) do
    unexpected = unexpected + thread:get("refused")
    io.write("\n", thread:get("example"), "\n")
  end
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50": %.3f, "p90": %.3f, "p99": %.3f, "refused": %d, "socket": %d, "timeout": %d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3,
    unexpected, errors.connect + errors.read + errors.write, errors.timeout
  ))
end
