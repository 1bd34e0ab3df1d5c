/**
 * A request's sender and its body, before the body is read. As it arrives, it takes from the memory
 * that all requests share.
 */
@NullMarked
package dev.weft.inference.server.http.body;

import org.jspecify.annotations.NullMarked;
