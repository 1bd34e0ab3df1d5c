/**
 * HTTP requests of a fetch, tried again if that may help: the headers' description of a file, and
 * bodies from a byte on. The hub, folders and archives share it. One thread.
 */
@NullMarked
package dev.weft.source.request;

import org.jspecify.annotations.NullMarked;
