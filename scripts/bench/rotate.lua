-- Exchanges rotating refresh tokens: each answer's token is the next request's. Arguments: form without the token, file with a token a line.
local tokens, form, bad = {}, "", 0
function init(args)
  form = args[1]
  for line in io.lines(args[2]) do tokens[#tokens + 1] = line end
end
function request()
  local token = table.remove(tokens)
  return wrk.format("POST", wrk.path, { ["Content-Type"] = "application/x-www-form-urlencoded" }, form .. "&refresh_token=" .. (token or "none"))
end
function response(status, headers, body)
  local token = string.match(body, '"refresh_token":"([^"]+)"')
  if token then tokens[#tokens + 1] = token end
end
