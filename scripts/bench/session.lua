-- With a session: /authorize, then the code at /oauth/token. Arguments: cookie, path of /authorize, form without the code.
local codes, cookie, authorize, form = {}, "", "", ""
function init(args)
  cookie, authorize, form = args[1], args[2], args[3]
end
function request()
  local code = table.remove(codes)
  if code then
    return wrk.format("POST", "/oauth/token", { ["Content-Type"] = "application/x-www-form-urlencoded" }, form .. "&code=" .. code)
  end
  return wrk.format("GET", authorize, { ["Cookie"] = cookie })
end
function response(status, headers, body)
  local location = headers["location"] or headers["Location"]
  local code = location and string.match(location, "[?&]code=([^&]+)")
  if code then codes[#codes + 1] = code end
end
