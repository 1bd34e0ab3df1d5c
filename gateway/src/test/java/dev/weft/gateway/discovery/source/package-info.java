@NullMarked
package dev.weft.gateway.discovery.source;

import org.jspecify.annotations.NullMarked;
