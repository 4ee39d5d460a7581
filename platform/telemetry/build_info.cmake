# Writes OUT from IN with VERSION and the commit of the checkout at DIR. Runs at every build; the file changes, and is
# compiled again, only when the commit does. COMMIT given by the caller (an image build without .git) wins.
if(NOT COMMIT)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env GIT_OPTIONAL_LOCKS=0 git -C ${DIR} describe --always --dirty --abbrev=12 --exclude=*
                  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed OR NOT COMMIT MATCHES "^[0-9a-f]+(-dirty)?$")
    set(COMMIT unknown)
  endif()
endif()
configure_file(${IN} ${OUT} @ONLY)
