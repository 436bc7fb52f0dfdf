/** The icon: a speech bubble with two quotation marks. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0b4f9e" d="M5 3h22a3 3 0 0 1 3 3v15a3 3 0 0 1-3 3H15l-7 6v-6H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z"/>' +
  '<path fill="#fff" d="M9 9h5v5c0 3-1.5 4.5-4 5v-2c1-.5 1.5-1.5 1.5-3H9zM18 9h5v5c0 3-1.5 4.5-4 5v-2c1-.5 1.5-1.5 1.5-3H18z"/></svg>';
