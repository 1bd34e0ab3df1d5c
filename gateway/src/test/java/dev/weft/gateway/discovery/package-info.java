@NullMarked
package dev.weft.gateway.discovery;

import org.jspecify.annotations.NullMarked;
