@NullMarked
package dev.weft.inference.server.http.pooling;

import org.jspecify.annotations.NullMarked;
