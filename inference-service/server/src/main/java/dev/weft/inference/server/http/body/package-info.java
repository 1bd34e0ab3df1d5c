/**
 * What comes with a request before it is read: whose it is, and its body, paid for as it arrives
 * from the memory that all requests share.
 */
@NullMarked
package dev.weft.inference.server.http.body;

import org.jspecify.annotations.NullMarked;
