/**
 * JSON as requests and answers have it: fields that are checked as they are read, so that a refusal
 * names the field, the value and what is allowed, and documents that are written. One thread for
 * each document.
 */
@NullMarked
package dev.weft.inference.server.http.json;

import org.jspecify.annotations.NullMarked;
