# cmake -D OUT=embedded_files.cc -D DIR=folder -P embed_files.cmake
# Writes the web app's files into a C++ source file, so that the program carries them.
set(text "#include \"services/gateway/web/embedded_files.h\"\n\nnamespace cityinfo::gateway {\n")
foreach(pair "index.html=kIndexHtml" "app.js=kAppJs" "search.js=kSearchJs" "style.css=kStyleCss")
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 file)
  list(GET pair 1 name)
  file(READ ${DIR}/${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND text "const unsigned char ${name}[] = {${bytes}};\nconst size_t ${name}Size = sizeof(${name});\n")
endforeach()
file(WRITE ${OUT} "${text}}  // namespace cityinfo::gateway\n")
