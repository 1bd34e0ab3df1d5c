/**
 * What comes with a request before it is read: its sender, and its body, which as it arrives takes
 * from the memory that all requests share.
 */
@NullMarked
package dev.weft.inference.server.http.body;

import org.jspecify.annotations.NullMarked;
