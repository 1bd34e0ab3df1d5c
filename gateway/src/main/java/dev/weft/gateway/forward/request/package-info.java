/**
 * What a gateway knows of one client's request on its way: whose it is, how long it may take, and
 * what it comes to. Nothing here knows workers.
 */
@NullMarked
package dev.weft.gateway.forward.request;

import org.jspecify.annotations.NullMarked;
