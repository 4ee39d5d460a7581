# cmake -D OUT=embedded.cc -D HEADER=path/to/embedded.h -D NAMESPACE=a::b "-DFILES=file=kName,file=kName" -P embed_files.cmake
# Writes files into a C++ source file, so that a program carries them. HEADER declares for each of them
# `extern const unsigned char kName[]` and `extern const size_t kNameSize`.
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
string(REPLACE "," ";" pairs "${FILES}")
foreach(pair ${pairs})
  string(REGEX MATCH "^(.*)=([A-Za-z0-9]+)$" matched "${pair}")
  if(NOT matched)
    message(FATAL_ERROR "\"${pair}\" is not file=kName")
  endif()
  set(file ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND text "const unsigned char ${name}[] = {${bytes}};\nconst size_t ${name}Size = sizeof(${name});\n")
endforeach()
file(WRITE ${OUT} "${text}}  // namespace ${NAMESPACE}\n")
