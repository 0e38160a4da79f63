from place import place as place  # a REST service at a real socket
