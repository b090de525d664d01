-- Sends the signed calls of a file, one a line: the query, a tab, the body. Each thread takes its own part.
-- Every answer is looked at: what is not HTTP 200 with status 0 counts as refused.
local threads = {}
function setup(thread)
	thread:set("id", #threads)
	threads[#threads + 1] = thread
end

function init(args)
	requests = {}
	for line in io.lines(args[1]) do
		local query, body = line:match("^(.-)\t(.*)$")
		requests[#requests + 1] = wrk.format("POST", "/openapi?" .. query, { ["Content-Type"] = "application/json" }, body)
	end
	-- Threads begin at different places.
	at = math.floor(#requests * id / tonumber(args[2]))
	refused = 0
end

function request()
	at = at % #requests + 1
	return requests[at]
end

function response(status, _, body)
	if status ~= 200 or not body:find('"status":0', 1, true) then
		refused = refused + 1
	end
end

function done(summary, latency, _)
	local all = summary.errors
	local failed = all.connect + all.read + all.write + all.timeout
	for _, thread in ipairs(threads) do
		failed = failed + thread:get("refused")
	end
	io.write(string.format("result %d %d %d %d %d %d\n", summary.requests, summary.duration, failed,
		latency:percentile(50), latency:percentile(99), latency.max))
end
