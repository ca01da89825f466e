-- Posts each line of a file once: `Name: value<TAB>…<TAB>body`. Arguments: file.
local file
function init(args)
  file = io.open(args[1])
end
function request()
  local headers, body = { ["Content-Type"] = "application/x-www-form-urlencoded" }, "none"
  local line = file:read("l") or "none"
  for part in string.gmatch(line, "[^\t]+") do
    local name, value = string.match(part, "^([%w-]+): (.*)$")
    if name then headers[name] = value else body = part end
  end
  return wrk.format("POST", wrk.path, headers, body)
end
