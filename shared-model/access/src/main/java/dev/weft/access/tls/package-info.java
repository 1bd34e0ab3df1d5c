/**
 * TLS of a process: what its ports show, what its clients believe and show. Spring Boot's SSL
 * bundles read the files, and read them again.
 */
@NullMarked
package dev.weft.access.tls;

import org.jspecify.annotations.NullMarked;
