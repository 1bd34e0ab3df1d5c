package dev.weft.catalog.adapter;

import dev.weft.protocol.repository.RepositoryRef;

/** A registration, read and checked. */
record Registration(String name, RepositoryRef repository) {}
