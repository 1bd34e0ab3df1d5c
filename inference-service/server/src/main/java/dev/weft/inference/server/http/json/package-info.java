/**
 * JSON of requests and answers. Fields are checked as they are read, so that a refusal names the
 * field, the value and what is allowed; documents are written. One thread for each document.
 */
@NullMarked
package dev.weft.inference.server.http.json;

import org.jspecify.annotations.NullMarked;
