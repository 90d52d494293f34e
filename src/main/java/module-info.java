/** logtap: one program that prints, follows and streams allowlisted logs. */
module dev.logtap {
  requires org.tomlj;
}
