-- Gets one path with a bearer token. Arguments: token.
function init(args)
  wrk.headers["Authorization"] = "Bearer " .. args[1]
end
